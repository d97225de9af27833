"""Encoders: what one is, and the reference encoder; `installed` finds and loads them."""

from index.encoders.protocol import DocumentVectors, Encodable, Encoder, EncoderIdentity, Vectors

__all__ = ["DocumentVectors", "Encodable", "Encoder", "EncoderIdentity", "Vectors"]
