"""The families behind `+`, `-` and COUNT (section 7), where no library is given that has them."""

WORDS = """
# The sum of two binary numbers: depth 2, 2 n + 1 gates (Fernandez Ramos 1999).
family reference_sum(a: bit[n], b: bit[n]) -> bit[n + 1] {
    let c[k <= n] = SUM(2**i * (a[i] + b[i]) for i < k) // 2**k
    return [bit(if k < n then a[k] + b[k] + c[k] - 2 * c[k + 1] else c[n]) for k <= n]
}

family uint_add(a: uint(v), b: uint(w)) -> uint(max(v, w) + 1) =
    uint(max(v, w) + 1)(reference_sum(uint(max(v, w))(a).bits, uint(max(v, w))(b).bits))

# Modulo 2**m with m one more than the width, so that the carry out is dropped.
family int_add(a: int(v), b: int(w)) -> int(max(v, w) + 1) {
    let m = max(v, w) + 1
    return int(m)(reference_sum(int(m)(a).bits, int(m)(b).bits)[0..m])
}

# a - b is a + (2**m - 1 - b) + 1 modulo 2**m.
family reference_difference(a: bit[m], b: bit[m]) -> bit[m] {
    let c[k <= m] = (1 + SUM(2**i * (a[i] + 1 - b[i]) for i < k)) // 2**k
    return [bit(a[k] + 1 - b[k] + (if k == 0 then 1 else c[k]) - 2 * c[k + 1]) for k < m]
}

family uint_subtract(a: uint(v), b: uint(w)) -> int(max(v, w) + 1) {
    let m = max(v, w) + 1
    return int(m)(reference_difference(uint(m)(a).bits, uint(m)(b).bits))
}

family int_subtract(a: int(v), b: int(w)) -> int(max(v, w) + 1) {
    let m = max(v, w) + 1
    return int(m)(reference_difference(int(m)(a).bits, int(m)(b).bits))
}

family count(x: bit[n]) -> uint(bits(n)) =
    uint(bits(n))([SUM(x) // 2**i % 2 for i < bits(n)])
"""
