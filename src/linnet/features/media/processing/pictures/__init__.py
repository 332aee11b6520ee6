"""Pictures that stand still, and the moving ones of avatars: read, made safe and small in a process of their own."""
