"""Other projects behind the same verbs, each written as its documentation shows it; heavy imports stay inside.

A worker process uses one of them, with its own interpreter. Of this project only the reader is imported, and only
where it reranks for another system.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.blogs.reader_ranking import ReaderRanking

Row = dict[str, Any]
ROWS = "rows.jsonl"  # the passages, beside what is built of them
RERANKED = 20  # passages that a cross-encoder reads


class System:
    """What is compared.

    Attributes:
        index_name: Systems of the same one share what `build` writes.
    """

    index_name = ""

    def __init__(self, model: str) -> None:
        self.path = model

    def load(self) -> None:
        """Load what questions take, before anything is timed."""

    def build(self, rows: Sequence[Row], folder: Path) -> None:
        """Index passages with `id` and `text` into a folder."""

    def open(self, folder: Path) -> None:
        """Open what was built."""

    def search(self, question: str, k: int) -> list[str]:
        """Ids of the best passages, at most k unless `settled` cuts them."""
        raise NotImplementedError

    def settled(self, question: str, ids: Sequence[str]) -> list[str]:
        """The ranking that is judged: what was searched, unless only the time of that counts."""
        del question
        return list(ids)

    def describe(self) -> str:
        """Versions."""
        raise NotImplementedError


class SentenceTransformersFaiss(System):
    """The plain pair: one vector a passage, exact inner product."""

    index_name = "faiss"

    def load(self) -> None:
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(self.path, device="cpu")

    def build(self, rows: Sequence[Row], folder: Path) -> None:
        import faiss

        vectors = self.model.encode([row["text"] for row in rows], normalize_embeddings=True, show_progress_bar=False)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "index.faiss"))
        texts = [{"id": row["id"], "text": row["text"]} for row in rows]
        (folder / "rows.json").write_text(json.dumps(texts), encoding="utf-8")

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


class Txtai(System):
    """txtai's hybrid index: dense and BM25, contents stored."""

    index_name = "txtai"

    def load(self) -> None:
        from txtai import Embeddings

        self.embeddings = Embeddings({"path": self.path, "content": True, "hybrid": True, "gpu": False})
        self.embeddings.index([("warm", "A text that loads the model.", None)])

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


class Haystack(System):
    """Haystack's two in-memory retrievers, joined by reciprocal rank fusion."""

    index_name = "haystack"

    def load(self) -> None:
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        self.documents = SentenceTransformersDocumentEmbedder(model=self.path, progress_bar=False)
        self.texts = SentenceTransformersTextEmbedder(model=self.path, progress_bar=False)
        self.documents.warm_up()
        self.texts.warm_up()

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
        return [document.id for document in self.joined(question, k)]

    def joined(self, question: str, k: int) -> list[Any]:
        """The k best documents of both retrievers."""
        vector = self.texts.run(question)["embedding"]
        dense = self.dense.run(query_embedding=vector, top_k=k)["documents"]
        lexical = self.lexical.run(query=question, top_k=k)["documents"]
        return list(self.joiner.run([lexical, dense])["documents"][:k])

    def describe(self) -> str:
        return _versions("haystack-ai", "sentence-transformers", "torch")


class LlamaIndex(System):
    """LlamaIndex's vector index with a local embedding model; its language model is switched off."""

    index_name = "llamaindex"

    def load(self) -> None:
        from llama_index.core import Settings
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        Settings.llm = None
        Settings.embed_model = HuggingFaceEmbedding(model_name=self.path, device="cpu")

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


class FaissCrossEncoder(SentenceTransformersFaiss):
    """The plain pair, whose best passages sentence-transformers' CrossEncoder reads with the question.

    No trained cross-encoder is at hand: the encoder's own weights under a new head take the time that one of this size
    takes, and the ranking that is judged is by this project's reader.
    """

    def load(self) -> None:
        from sentence_transformers import CrossEncoder

        super().load()
        self.cross_encoder = CrossEncoder(self.path, num_labels=1, device="cpu")

    def open(self, folder: Path) -> None:
        super().open(folder)
        self.folder = folder
        self.texts = {row["id"]: row["text"] for row in self.rows}

    def search(self, question: str, k: int) -> list[str]:
        del k
        ids = super().search(question, RERANKED)
        self.cross_encoder.predict([(question, self.texts[one]) for one in ids], show_progress_bar=False)
        return ids

    def settled(self, question: str, ids: Sequence[str]) -> list[str]:
        return self._reader.ranked(question, ids)

    @cached_property
    def _reader(self) -> ReaderRanking:
        return reader_ranking(self.folder)


class TxtaiReader(Txtai):
    """txtai's Reranker over its hybrid index, with this project's reader as its similarity."""

    def open(self, folder: Path) -> None:
        from txtai.pipeline import Reranker

        super().open(folder)
        reader = reader_ranking(folder)
        self.rerank = Reranker(
            self.embeddings, lambda question, texts: [*enumerate(reader.text_scores(question, texts))]
        )

    def search(self, question: str, k: int) -> list[str]:
        return [found["id"] for found in self.rerank(question, limit=RERANKED, factor=1)[:k]]


class HaystackReader(Haystack):
    """Haystack's hybrid retrieval with this project's reader as a ranker component."""

    def open(self, folder: Path) -> None:
        from benchmarks.blogs.haystack_ranker import ReaderRanker

        super().open(folder)
        self.ranker = ReaderRanker(reader_ranking(folder))

    def search(self, question: str, k: int) -> list[str]:
        ranked = self.ranker.run(query=question, documents=self.joined(question, RERANKED), top_k=k)
        return [document.id for document in ranked["documents"]]


PLAIN = "sentence-transformers + FAISS"
CROSS_ENCODER = "sentence-transformers + FAISS + CrossEncoder"
SYSTEMS: dict[str, type[System]] = {
    PLAIN: SentenceTransformersFaiss,
    CROSS_ENCODER: FaissCrossEncoder,
    "txtai, hybrid": Txtai,
    "txtai, hybrid + reader": TxtaiReader,
    "Haystack, hybrid": Haystack,
    "Haystack, hybrid + reader": HaystackReader,
    "LlamaIndex": LlamaIndex,
}


def reader_ranking(folder: Path) -> ReaderRanking:
    """The reader over the rows that lie in a folder."""
    from benchmarks.blogs.reader_ranking import ReaderRanking

    return ReaderRanking(read_lines(folder / ROWS))


def read_lines(path: Path) -> list[Row]:
    """The lines of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _versions(*packages: str) -> str:
    from importlib.metadata import version

    return ", ".join(f"{package} {version(package)}" for package in packages)
