"""The Tools page: what transfer is good for beside training, one package for each tool."""
