"""The HTTP interface: its routes, its wire schemas, which the command line prints too, and the answers it keeps."""
