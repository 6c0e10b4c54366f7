"""The demonstration: 45 real organizations, generated people, everything through the product's own services."""
