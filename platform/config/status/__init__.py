"""The public page of the installation's state and of maintenance breaks. Source: R-277, R-278; STAFF_TRAINING 11."""
