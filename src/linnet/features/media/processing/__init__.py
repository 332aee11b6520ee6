"""What is made of files: from paths to paths, without an engine. Whatever reads an upload may be attacked."""
