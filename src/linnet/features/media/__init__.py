"""Attachments, avatars and headers: files in `engines.blobs`, rows here."""
