"""Questions to the law as anybody types them: named facts in, an exact answer or a named fault out."""
