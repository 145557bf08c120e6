"""The HTTP interface. For now its wire schemas, which the command line prints too."""
