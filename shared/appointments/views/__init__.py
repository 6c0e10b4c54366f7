"""Pages of users, appointments and rights."""
