"""What holds for every n: closed forms of size, wires, depth and fan-in, growth, class, uniformity, connection."""
