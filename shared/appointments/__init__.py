"""Who works here and what he may do: people of a workplace, their appointments by orders, the matrix of rights."""
