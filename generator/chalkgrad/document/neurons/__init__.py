"""The page of a single neuron that learns."""
