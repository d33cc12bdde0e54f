"""Deploying: from built portals to the places where clients open them, and the access control in front of them."""
