"""What the product does, one room per noun. They may lean on each other in one direction only; see ARCHITECTURE.md."""
