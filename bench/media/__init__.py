"""What media costs: pictures beside Pillow doing the same work."""
