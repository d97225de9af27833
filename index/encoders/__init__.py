"""Encoders: the protocol, and the way from a name in the settings to a loaded encoder."""

from index.encoders.loading import load_encoder
from index.encoders.protocol import DocumentVectors, Encodable, Encoder, EncoderIdentity, Vectors

__all__ = ["DocumentVectors", "Encodable", "Encoder", "EncoderIdentity", "Vectors", "load_encoder"]
