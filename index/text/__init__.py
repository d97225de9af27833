"""Text to structure, sentences, chunks and terms; nothing here knows of files or encoders' engines."""
