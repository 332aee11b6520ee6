"""IP blocks: networks that may not sign up, only with approval, or may not come at all."""
