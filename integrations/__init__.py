"""Front ends that live in another program: the terminal."""
