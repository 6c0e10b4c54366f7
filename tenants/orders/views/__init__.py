"""Pages of orders: the list, one order, the wizard, the movement book."""
