"""Five systems behind two verbs, each written as its documentation shows it; heavy imports stay inside.

A worker process uses one of them, with its own interpreter: nothing here may import this project but `PostQA`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

Row = dict[str, str]


class System(Protocol):
    """What is compared."""

    def load(self) -> None:
        """Load the model, before anything is timed."""

    def load_to_build(self) -> None:
        """Load every model that building takes."""

    def build(self, rows: Sequence[Row], folder: Path) -> None:
        """Index posts with `id` and `text` into a folder."""

    def open(self, folder: Path) -> None:
        """Open a saved index."""

    def search(self, question: str, k: int) -> list[str]:
        """Ids of the k best posts."""

    def describe(self) -> str:
        """Versions."""


class SentenceTransformersFaiss:
    """The plain pair: one vector a post, exact inner product."""

    def __init__(self, model: str) -> None:
        self.path = model

    def load(self) -> None:
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(self.path, device="cpu")

    load_to_build = load

    def build(self, rows: Sequence[Row], folder: Path) -> None:
        import faiss

        vectors = self.model.encode([row["text"] for row in rows], normalize_embeddings=True, show_progress_bar=False)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "index.faiss"))
        (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")

    def open(self, folder: Path) -> None:
        import faiss

        self.index = faiss.read_index(str(folder / "index.faiss"))
        self.rows = json.loads((folder / "rows.json").read_text(encoding="utf-8"))

    def search(self, question: str, k: int) -> list[str]:
        vector = self.model.encode([question], normalize_embeddings=True, show_progress_bar=False)
        _, found = self.index.search(vector, k)
        return [self.rows[at]["id"] for at in found[0] if at >= 0]

    def describe(self) -> str:
        return _versions("sentence-transformers", "faiss-cpu", "torch")


class Txtai:
    """txtai's hybrid index: dense and BM25, contents stored."""

    def __init__(self, model: str) -> None:
        self.path = model

    def load(self) -> None:
        from txtai import Embeddings

        self.embeddings = Embeddings({"path": self.path, "content": True, "hybrid": True, "gpu": False})
        self.embeddings.index([("warm", "A text that loads the model.", None)])

    load_to_build = load

    def build(self, rows: Sequence[Row], folder: Path) -> None:
        self.embeddings.index([(row["id"], row["text"], None) for row in rows])
        self.embeddings.save(str(folder / "txtai"))

    def open(self, folder: Path) -> None:
        from txtai import Embeddings

        self.embeddings = Embeddings()
        self.embeddings.load(str(folder / "txtai"))

    def search(self, question: str, k: int) -> list[str]:
        return [found["id"] for found in self.embeddings.search(question, k)]

    def describe(self) -> str:
        return _versions("txtai", "faiss-cpu", "torch")


class Haystack:
    """Haystack's two in-memory retrievers, joined by reciprocal rank fusion."""

    def __init__(self, model: str) -> None:
        self.path = model

    def load(self) -> None:
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        self.documents = SentenceTransformersDocumentEmbedder(model=self.path, progress_bar=False)
        self.texts = SentenceTransformersTextEmbedder(model=self.path, progress_bar=False)
        self.documents.warm_up()
        self.texts.warm_up()

    load_to_build = load

    def build(self, rows: Sequence[Row], folder: Path) -> None:
        from haystack import Document
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        documents = [Document(id=row["id"], content=row["text"]) for row in rows]
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(self.documents.run(documents)["documents"])
        store.save_to_disk(str(folder / "haystack.json"))

    def open(self, folder: Path) -> None:
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore.load_from_disk(str(folder / "haystack.json"))
        self.lexical = InMemoryBM25Retriever(store)
        self.dense = InMemoryEmbeddingRetriever(store)
        self.joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def search(self, question: str, k: int) -> list[str]:
        vector = self.texts.run(question)["embedding"]
        dense = self.dense.run(query_embedding=vector, top_k=k)["documents"]
        lexical = self.lexical.run(query=question, top_k=k)["documents"]
        return [one.id for one in self.joiner.run([lexical, dense])["documents"][:k]]

    def describe(self) -> str:
        return _versions("haystack-ai", "sentence-transformers", "torch")


class LlamaIndex:
    """LlamaIndex's vector index with a local embedding model; its language model is switched off."""

    def __init__(self, model: str) -> None:
        self.path = model

    def load(self) -> None:
        from llama_index.core import Settings
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        Settings.llm = None
        Settings.embed_model = HuggingFaceEmbedding(model_name=self.path, device="cpu")

    load_to_build = load

    def build(self, rows: Sequence[Row], folder: Path) -> None:
        from llama_index.core import VectorStoreIndex
        from llama_index.core.schema import TextNode

        index = VectorStoreIndex([TextNode(id_=row["id"], text=row["text"]) for row in rows])
        index.storage_context.persist(str(folder / "llamaindex"))

    def open(self, folder: Path) -> None:
        from llama_index.core import StorageContext, load_index_from_storage

        self.index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(folder / "llamaindex")))
        self.retriever = self.index.as_retriever(similarity_top_k=10)

    def search(self, question: str, k: int) -> list[str]:
        return [found.node.node_id for found in self.retriever.retrieve(question)][:k]

    def describe(self) -> str:
        return _versions("llama-index-core", "torch")


class PostQA:
    """This project: a whole answer is made, with sentence evidence, quotes and the decision to refuse."""

    def __init__(self, model: str) -> None:
        self.path = model

    def load(self) -> None:
        from index.encoders.installed.loading import load_encoder

        load_encoder().encode_query(["A text that loads the model."])

    def load_to_build(self) -> None:
        from index.sources.language import load_detector

        self.load()
        load_detector()

    def build(self, rows: Sequence[Row], folder: Path) -> None:
        import index

        source = folder / "posts.jsonl"
        source.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        index.build([source], folder / "postqa")

    def open(self, folder: Path) -> None:
        from qa.assistant import Assistant

        self.assistant = Assistant(folder / "postqa")

    def search(self, question: str, k: int) -> list[str]:
        answer = self.assistant.ask(question)
        return list(dict.fromkeys(passage.post.id for passage in answer.passages))[:k]

    def describe(self) -> str:
        return _versions("postqa")


SYSTEMS: dict[str, type[Any]] = {
    "postqa": PostQA,
    "sentence-transformers + FAISS": SentenceTransformersFaiss,
    "txtai, hybrid": Txtai,
    "Haystack, hybrid": Haystack,
    "LlamaIndex": LlamaIndex,
}


def _versions(*packages: str) -> str:
    from importlib.metadata import version

    return ", ".join(f"{package} {version(package)}" for package in packages)
