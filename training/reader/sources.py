"""The data listing: every source with its licence, how its questions came about, and what it is used for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Who made the questions."""

    PEOPLE = "people"
    WRITTEN = "written for training"
    TEMPLATES = "templates"
    RULES = "rules"


class Layout(StrEnum):
    """How a passage's text is laid out."""

    MARKDOWN = "markdown"
    LINES = "lines"  # every line is a paragraph, an item or a line of code
    COMMANDS = "commands"  # a line that says what a command does, then the command


class Role(StrEnum):
    """What a source is used for."""

    TRAINING = "training"
    HELD_OUT = "held out"
    EXCLUDED = "excluded"


@dataclass(frozen=True)
class Source:
    """One source of questions.

    Attributes:
        name: The name of its file, without the ending.
        licence: As stated by whoever published it, with the repository.
        weight: How often a row is drawn, relative to a row of weight 1.
        pool: Sources of one pool are searched together for passages that do not answer; empty for sources whose
            passages answer each other's questions.
    """

    name: str
    licence: str
    origin: Origin
    layout: Layout = Layout.MARKDOWN
    role: Role = Role.TRAINING
    weight: float = 1.0
    pool: str = ""


_WIKIPEDIA = "wikipedia"
_TECHNICAL = {
    "tech-book": "MIT OR Apache-2.0 (rust-lang/book)",
    "tech-django-rest-framework": "BSD-3-Clause (encode/django-rest-framework)",
    "tech-etcd-io": "CC BY 4.0 text, Apache-2.0 code (etcd-io/website)",
    "tech-fastapi": "MIT (tiangolo/fastapi)",
    "tech-flask": "BSD-3-Clause (pallets/flask)",
    "tech-helm-www": "MIT (helm/helm-www)",
    "tech-httpx": "BSD-3-Clause (encode/httpx)",
    "tech-llm": "Apache-2.0 (simonw/llm, docs/)",
    "tech-powershell-docs": "CC BY 4.0 text, MIT code (MicrosoftDocs/PowerShell-Docs)",
    "tech-prometheus": "Apache-2.0 (prometheus/docs)",
    "tech-pytest": "MIT (pytest-dev/pytest)",
    "tech-uv": "MIT OR Apache-2.0 (astral-sh/uv)",
    "tech-vuejs": "CC BY 4.0 (vuejs/docs)",
    "tech-wsl": "CC BY 4.0 (MicrosoftDocs/WSL)",
}
_BLOGS = {
    "notes": {
        "arp242": "CC BY 4.0 (arp242/arp242.net)",
        "jbranchaud-til": "MIT (jbranchaud/til)",
        "jbranchaud-til-2": "MIT (jbranchaud/til)",
        "matklad": "MIT OR Apache-2.0 (matklad/matklad.github.io)",
        "matklad-2": "MIT OR Apache-2.0 (matklad/matklad.github.io)",
        "mtlynch": "CC BY 4.0 (mtlynch/mtlynch.io)",
        "netzfisch": "CC BY-SA 4.0 (netzfisch/netzfisch.github.io)",
    },
    "releases": {
        "babel-blog": "MIT (babel/website)",
        "babel-blog-2": "MIT (babel/website)",
        "eslint-blog": "Apache-2.0 (eslint/eslint.org)",
        "gleam-news": "Apache-2.0 (gleam-lang/website)",
        "homebrew-blog": "BSD-2-Clause (Homebrew/brew.sh)",
        "homebrew-blog-2": "BSD-2-Clause (Homebrew/brew.sh)",
        "julia-blog": "MIT (JuliaLang/www.julialang.org)",
        "nim-blog": "CC BY 3.0 (nim-lang/website)",
        "openrefine-blog": "CC BY 4.0 (OpenRefine/openrefine.org)",
        "pouchdb-blog": "Apache-2.0 (pouchdb/pouchdb)",
        "pouchdb-blog-2": "Apache-2.0 (pouchdb/pouchdb)",
        "prettier-blog": "MIT (prettier/prettier)",
        "prettier-blog-2": "MIT (prettier/prettier)",
        "react-blog": "CC BY 4.0 (reactjs/react.dev)",
        "swift-blog": "CC BY 4.0 (swiftlang/swift-org-website)",
        "swift-blog-2": "CC BY 4.0 (swiftlang/swift-org-website)",
    },
    "organisations": {
        "18f-blog": "CC0 1.0 (18F/18f.gsa.gov)",
        "18f-blog-2": "CC0 1.0 (18F/18f.gsa.gov)",
        "18f-guides": "CC0 1.0 (18F/guides)",
        "based-cooking": "Unlicense (LukeSmithxyz/based.cooking)",
        "based-cooking-2": "Unlicense (LukeSmithxyz/based.cooking)",
        "digitalgov": "CC0 1.0 (GSA/digitalgov.gov)",
        "digitalgov-2": "CC0 1.0 (GSA/digitalgov.gov)",
        "login-help": "CC0 1.0 (18F/identity-site)",
        "opensource-guide": "CC BY 4.0 (github/opensource.guide)",
        "plain-language": "CC0 1.0 (GSA/plainlanguage.gov)",
        "tts-handbook": "CC0 1.0 (18F/handbook)",
    },
    "science": {
        "2i2c-blog": "CC BY 4.0 (2i2c-org/2i2c-org.github.io)",
        "carpentries-blog": "CC BY 4.0 (carpentries/carpentries.org)",
        "distill": "CC BY 4.0 (eight articles of distillpub)",
        "kserve-blog": "Apache-2.0 (kserve/website)",
        "kubeflow-blog": "Apache-2.0 (kubeflow/blog)",
        "ropensci-blog": "CC BY 4.0 (ropensci/roweb3)",
        "scientific-python-blog": "CC BY 4.0 (scientific-python/blog.scientific-python.org)",
        "sklearn-blog": "CC BY 4.0 (scikit-learn/blog)",
        "sunpy-blog": "BSD-style (sunpy/sunpy.org)",
        "zarr-blog": "CC BY 4.0 (zarr-developers/blog)",
    },
    "engineering": {
        "etcd-blog": "CC BY 4.0 (etcd-io/website)",
        "flink-blog": "Apache-2.0 (apache/flink-web)",
        "grpc-blog": "CC BY 4.0 (grpc/grpc.io)",
        "helm-blog": "MIT (helm/helm-www)",
        "knative-blog": "CC BY 4.0 (knative/docs)",
        "linkerd-blog": "Apache-2.0 (linkerd/website)",
        "ocaml-news": "CC BY-SA 4.0 (ocaml/ocaml.org)",
        "opentelemetry-blog": "CC BY 4.0 (open-telemetry/opentelemetry.io)",
        "prometheus-blog": "Apache-2.0 (prometheus/docs)",
        "pypi-blog": "Apache-2.0 (pypi/warehouse)",
        "vespa-blog": "Apache-2.0 (vespa-engine/blog)",
    },
    "fact sheets": {
        "fact-sheets-1": "CC0 1.0 (invented for training)",
    },
    "personal": {
        "istvnurbn": "CC BY-SA 4.0 (istvnurbn/istvnurbn.github.io)",
        "jsrowe": "CC BY 4.0 (jsr6720/jsr6720.github.io)",
        "maelle": "CC BY-SA 2.0 (maelle/simplymaelle)",
        "standardebooks": "CC0 1.0 (standardebooks/web)",
        "thotypous": "CC BY 4.0 (thotypous/thotypous.github.io)",
        "turing-way": "CC BY 4.0 (alan-turing-institute/the-turing-way)",
    },
    "": {
        "heldout-conda-blog": "BSD-3-Clause (conda-incubator/conda-dot-org)",
        "heldout-crystal-blog": "Apache-2.0 (crystal-lang/crystal-website)",
        "heldout-curbengh-blog": "CC BY-SA 4.0 (curbengh/blog)",
        "heldout-electron-blog": "Apache-2.0 (electron/website)",
        "heldout-flaml-blog": "MIT (microsoft/FLAML)",
        "heldout-pixls": "CC BY-SA 4.0 (pixlsus/website)",
        "heldout-swharden": "MIT (swharden/SWHarden.com)",
        "heldout-xarray-blog": "Apache-2.0 (xarray-contrib/xarray.dev)",
        "thoughtbot-til": "CC BY 3.0 (thoughtbot/til)",
    },
}
"""Posts with questions written for training beside them, by pool; the licences are those of the posts."""
_WRITTEN_WEIGHT = 2.0  # the most like what is asked of blogs
_POOL_WEIGHTS = {"fact sheets": 6.0}  # few, and their lines are read badly by who has seen only prose
_HELD_OUT_PREFIX = "heldout-"
_HELD_OUT = {"tech-flask", "tech-uv", "thoughtbot-til"}


def _role(name: str) -> Role:
    return Role.HELD_OUT if name in _HELD_OUT or name.startswith(_HELD_OUT_PREFIX) else Role.TRAINING


SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source("covid-qa", "Apache-2.0 (deepset-ai/COVID-QA)", Origin.PEOPLE, pool="covid"),
        Source("nq-oracle", "MIT (nelson-liu/lost-in-the-middle); text CC BY-SA", Origin.PEOPLE, pool=_WIKIPEDIA),
        Source("qed-dev", "CC BY-SA 3.0 (google-research-datasets/QED)", Origin.PEOPLE, pool=_WIKIPEDIA),
        Source(
            "selqa-test",
            "Apache-2.0 (emorynlp/selqa); text CC BY-SA",
            Origin.PEOPLE,
            Layout.LINES,
            weight=1.5,
            pool=_WIKIPEDIA,
        ),
        Source(
            "selqa-dev",
            "Apache-2.0 (emorynlp/selqa); text CC BY-SA",
            Origin.PEOPLE,
            Layout.LINES,
            Role.HELD_OUT,
            pool="selqa-dev",
        ),
        Source("clapnq-dev", "Apache-2.0 (primeqa/clapnq); text CC BY-SA", Origin.PEOPLE, weight=1.5, pool=_WIKIPEDIA),
        Source("policyqa-dev", "MIT (wasiahmad/PolicyQA)", Origin.PEOPLE, weight=0.6),
        Source("policyqa-test", "MIT (wasiahmad/PolicyQA)", Origin.PEOPLE, role=Role.HELD_OUT),
        Source("medquad", "CC BY 4.0 (abachaa/MedQuAD)", Origin.TEMPLATES, weight=0.3),
        Source("tech-tldr", "CC BY 4.0 (tldr-pages/tldr)", Origin.RULES, Layout.COMMANDS, weight=0.1),
        *(
            Source(
                name,
                licence,
                Origin.RULES,
                Layout.LINES,
                _role(name),
                weight=0.05 if name == "tech-powershell-docs" else 0.2,
                pool=name,
            )
            for name, licence in _TECHNICAL.items()
        ),
        *(
            Source(
                name,
                licence,
                Origin.WRITTEN,
                role=_role(name),
                weight=_POOL_WEIGHTS.get(pool, _WRITTEN_WEIGHT),
                pool=pool or name,
            )
            for pool, members in _BLOGS.items()
            for name, licence in members.items()
        ),
        Source("squadshifts-new-wiki", "none stated; for comparison only", Origin.PEOPLE, role=Role.EXCLUDED),
    )
}


def source_of(name: str, *, held_out: frozenset[str] = frozenset()) -> Source:
    """The listed source of a name, or for a further one: questions written for training over Markdown passages.

    Args:
        name: Of the file, without the ending; one that begins with `heldout-` is held out.
        held_out: Further sources to hold out.
    """
    if name in SOURCES:
        return SOURCES[name]
    role = Role.HELD_OUT if name in held_out else _role(name)
    return Source(name, "see the folder's README", Origin.WRITTEN, role=role, weight=_WRITTEN_WEIGHT, pool=name)
