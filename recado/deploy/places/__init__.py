"""The kinds of place, one module each, behind `recado.deploy.tree.Publisher`."""
