"""Reading and writing the plain text: what depends on the disk and the operating system lives here, and nowhere else."""
