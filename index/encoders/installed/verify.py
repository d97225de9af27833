"""Is an encoder what it should be? Sentences in many scripts, held against another engine and each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoders.protocol import Encoder, Vectors
from index.errors import EncoderError

BRIDGE = (
    "When was the old bridge over the river built?",
    "¿Cuándo se construyó el viejo puente sobre el río?",
    "Wann wurde die alte Brücke über den Fluss gebaut?",
    "Когда был построен старый мост через реку?",
    "متى بني الجسر القديم فوق النهر؟",
    "河上的老桥是什么时候建成的？",
    "川にかかる古い橋はいつ建てられましたか。",
    "สะพานเก่าข้ามแม่น้ำสร้างเมื่อไร",
    "नदी पर पुराना पुल कब बनाया गया था?",
)
BREAD = (
    "Our bakery sells fresh bread with honey 🍯 every morning.",
    "Nuestra panadería vende pan recién hecho con miel 🍯 cada mañana.",
    "Unsere Bäckerei verkauft jeden Morgen frisches Brot mit Honig 🍯.",
    "Наша пекарня каждое утро продаёт свежий хлеб с мёдом 🍯.",
    "يبيع مخبزنا الخبز الطازج مع العسل كل صباح 🍯.",
    "我们的面包店每天早上卖新鲜的蜂蜜面包🍯。",
    "私たちのパン屋は毎朝、蜂蜜入りの焼きたてパンを売っています🍯。",
    "ร้านเบเกอรี่ของเราขายขนมปังสดกับน้ำผึ้งทุกเช้า 🍯",
    "हमारी बेकरी हर सुबह शहद के साथ ताज़ी रोटी बेचती है 🍯।",
)
"""Two sentences, each in English, Spanish, German, Russian, Arabic, Chinese, Japanese, Thai and Hindi."""

SENTENCES = (*BRIDGE, *BREAD)


@dataclass(frozen=True)
class Engine:
    """Another way to the same model.

    Attributes:
        vectors: Of questions, shape (n, d), of unit length.
        tokens: How many tokens a question has, special ones and prompt included.
    """

    name: str
    vectors: Callable[[Sequence[str]], Vectors]
    tokens: Callable[[str], int]


def check_meaning(encoder: Encoder, where: object) -> None:
    """Every sentence must be nearer to its own translations than to any of the other one.

    Raises:
        EncoderError: One is not: the tokenizer and the weights do not belong together.
    """
    vectors = encoder.encode_query(SENTENCES)
    alike = vectors @ vectors.T
    own, other = alike[:, : len(BRIDGE)].copy(), alike[:, len(BRIDGE) :].copy()
    own[len(BRIDGE) :], other[len(BRIDGE) :] = other[len(BRIDGE) :].copy(), own[len(BRIDGE) :].copy()
    margins = own.min(axis=1) - other.max(axis=1)
    if not (margins > 0).all():
        at = int(np.argmin(margins))
        raise _refused("a sentence is nearer to another than to its translation", where, SENTENCES[at])


def check_agreement(encoder: Encoder, engine: Engine, least: float, where: object) -> float:
    """Tokens and vectors as another engine has them; gives the least cosine.

    Raises:
        EncoderError: A sentence has another number of tokens, or a vector is too far off.
    """
    special = 2
    prompt = encoder.identity.query_prompt
    for sentence in SENTENCES:
        own, its = len(encoder.token_spans(prompt + sentence)) + special, engine.tokens(sentence)
        if own != its:
            raise _refused(f"{own} tokens, and {its} in {engine.name}", where, sentence)
    cosines = (encoder.encode_query(SENTENCES) * engine.vectors(SENTENCES)).sum(axis=1)
    if not (cosines >= least).all():
        at = int(np.argmin(cosines))
        raise _refused(f"cosine {cosines[at]:.4f} with {engine.name}, {least} wanted", where, SENTENCES[at])
    return float(cosines.min())


def _refused(what: str, where: object, seen: str) -> EncoderError:
    return EncoderError(
        f"the encoder is refused: {what}", where=where, seen=seen, remedy="Nothing was added; report this."
    )
