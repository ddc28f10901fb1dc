"""Training of the reader of handwritten digits: drawn and warped samples, the net, its export."""
