"""What belongs together in every answer: one generation, the encoder that built it, and the weights for both."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

from index.encoders import Encoder
from index.encoders.installed.loading import load_encoder
from index.layout import LAYOUT
from index.reader import Index
from index.settings import stated_encoder
from qa.answering.reread import ReadingWeights, reading_weights
from qa.answering.weights import Calibration, Weights, calibration_in, default_weights
from qa.settings import AskSettings, ReaderMode


@dataclass(frozen=True)
class Snapshot:
    """One generation with what was made for it.

    Attributes:
        uncalibrated: The weights as they were fitted; the reader's are fitted beside these.
        calibration: Of a user's own questions, where there is one.
        weights, reading: The weights that rank and decide, calibrated.
    """

    index: Index
    encoder: Encoder
    uncalibrated: Weights
    calibration: Calibration | None
    weights: Weights
    reading: ReadingWeights

    @property
    def calibrated_on(self) -> str:
        """The gold set of the calibration; empty where there is none."""
        return self.calibration.provenance.get("gold", "") if self.calibration else ""


def load_snapshot(
    index: Index, encoder: Encoder | str | None, weights: Weights | None, settings: AskSettings
) -> Snapshot:
    """The encoder and the weights for an opened index.

    Args:
        index: The generation.
        encoder: The one that must have built it, or its name; None loads the index's own, unless `QA_ENCODER` names
            another, which is refused.
        weights: Instead of those that come with the package; no calibration is read then.
        settings: Whether the reader takes part.

    Raises:
        EncoderMismatch: The index was built by another encoder.
        SettingsError: The calibration was fitted for another encoder or for other weights of the reader.
    """
    named = encoder or stated_encoder()
    if isinstance(named, str):
        index.require(named)
    if encoder is None or isinstance(encoder, str):
        encoder = load_encoder(index.manifest.encoder.name, index.manifest.encoder.backend)
    index.require(encoder)
    calibration = None if weights else calibration_in(index.root, encoder.identity)
    weights = weights or default_weights(encoder.identity.name)
    reading = reading_weights()
    if settings.reader is not ReaderMode.OFF:
        reading = reading.calibrated(calibration)
    return Snapshot(index, encoder, weights, calibration, weights.calibrated(calibration), reading)


def reader_facts(snapshot: Snapshot, settings: AskSettings) -> str:
    """How much is read, with which weights, and from which probabilities on it is shown."""
    if settings.reader is ReaderMode.OFF:
        return "off"
    reading = snapshot.reading
    thresholds = f"answer from {reading.answer:.3f}, nearest from {reading.nearest:.3f}"
    return f"{settings.reader} ({reading.reader}, weights {reading.fingerprint}, {thresholds})"


def fingerprint(snapshot: Snapshot, settings: AskSettings, reranker: str) -> dict[str, str]:
    """All that an answer follows from, by name: two of the same give the same answers.

    Args:
        reranker: What rereads the best passages; "none" where nothing does.
    """
    manifest, identity, calibration = snapshot.index.manifest, snapshot.encoder.identity, snapshot.calibration
    threshold = settings.threshold
    return {
        "version": version("postqa"),
        "corpus": f"{manifest.posts} posts, {manifest.files[LAYOUT.chunk_keys].sha256[:12]}",
        "encoder": f"{identity.name}, {_digest(identity.model_dump_json())}",
        "weights": _digest(snapshot.uncalibrated.model_dump_json()),
        "reader": reader_facts(snapshot, settings),
        "reranker": reranker,
        "calibration": f"{snapshot.calibrated_on}, {_digest(calibration.model_dump_json())}" if calibration else "none",
        "threshold": f"{snapshot.weights.threshold if threshold is None else threshold:g}",
        "settings": _digest(settings.model_dump_json()),
    }


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]
