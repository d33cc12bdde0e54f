"""The portal: what a client sees, made from that client's files: page models, shells, pages, a folder of HTML."""
