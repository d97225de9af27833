"""`python -m qa.cli` is the command `qa`."""

from qa.cli.main import main

main()
