"""Mathematics as a tree, and the printers that turn it into markup."""
