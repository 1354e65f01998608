/// An integer modulo 2²⁵⁵ − 19, in four 64-bit limbs, least significant first.
///
/// Only what turns a Montgomery coordinate into an Edwards one; libsodium has the other direction alone.
/// Works on public keys, so that branches on values give nothing away.
struct FieldElement {
    private var limbs: (UInt64, UInt64, UInt64, UInt64)

    private init(_ limbs: (UInt64, UInt64, UInt64, UInt64)) {
        self.limbs = limbs
    }

    static let one = FieldElement((1, 0, 0, 0))

    /// Reads 32 bytes, little-endian; the top bit is ignored.
    ///
    /// Nil for another length.
    init?(littleEndian bytes: some Collection<UInt8>) {
        guard let key = Key256(bytes) else { return nil }
        self.init(littleEndian: key)
    }

    init(littleEndian key: Key256) {
        let words = key.words
        limbs = (
            UInt64(littleEndian: words.0), UInt64(littleEndian: words.1), UInt64(littleEndian: words.2),
            UInt64(littleEndian: words.3) & 0x7fff_ffff_ffff_ffff
        )
    }

    /// The fully reduced value as 32 bytes, little-endian.
    var littleEndian: Key256 {
        let limbs = reduced.limbs
        return Key256(
            words: (limbs.0.littleEndian, limbs.1.littleEndian, limbs.2.littleEndian, limbs.3.littleEndian)
        )
    }

    static func + (left: FieldElement, right: FieldElement) -> FieldElement {
        var sum = left.limbs
        var carry = false
        (sum.0, carry) = add(left.limbs.0, right.limbs.0, false)
        (sum.1, carry) = add(left.limbs.1, right.limbs.1, carry)
        (sum.2, carry) = add(left.limbs.2, right.limbs.2, carry)
        (sum.3, carry) = add(left.limbs.3, right.limbs.3, carry)
        return FieldElement(sum).folding(carry ? 38 : 0)
    }

    static func - (left: FieldElement, right: FieldElement) -> FieldElement {
        // p − right never borrows for a reduced right.
        let right = right.reduced.limbs
        var negated = right
        var borrow = false
        (negated.0, borrow) = subtract(modulus.0, right.0, false)
        (negated.1, borrow) = subtract(modulus.1, right.1, borrow)
        (negated.2, borrow) = subtract(modulus.2, right.2, borrow)
        (negated.3, borrow) = subtract(modulus.3, right.3, borrow)
        return left + FieldElement(negated)
    }

    static func * (left: FieldElement, right: FieldElement) -> FieldElement {
        let a = left.limbs
        let b = right.limbs
        var low: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var high: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var carry: UInt64

        carry = 0
        (carry, low.0) = multiplyAdd(a.0, b.0, low.0, carry)
        (carry, low.1) = multiplyAdd(a.0, b.1, low.1, carry)
        (carry, low.2) = multiplyAdd(a.0, b.2, low.2, carry)
        (carry, low.3) = multiplyAdd(a.0, b.3, low.3, carry)
        high.0 = carry
        carry = 0
        (carry, low.1) = multiplyAdd(a.1, b.0, low.1, carry)
        (carry, low.2) = multiplyAdd(a.1, b.1, low.2, carry)
        (carry, low.3) = multiplyAdd(a.1, b.2, low.3, carry)
        (carry, high.0) = multiplyAdd(a.1, b.3, high.0, carry)
        high.1 = carry
        carry = 0
        (carry, low.2) = multiplyAdd(a.2, b.0, low.2, carry)
        (carry, low.3) = multiplyAdd(a.2, b.1, low.3, carry)
        (carry, high.0) = multiplyAdd(a.2, b.2, high.0, carry)
        (carry, high.1) = multiplyAdd(a.2, b.3, high.1, carry)
        high.2 = carry
        carry = 0
        (carry, low.3) = multiplyAdd(a.3, b.0, low.3, carry)
        (carry, high.0) = multiplyAdd(a.3, b.1, high.0, carry)
        (carry, high.1) = multiplyAdd(a.3, b.2, high.1, carry)
        (carry, high.2) = multiplyAdd(a.3, b.3, high.2, carry)
        high.3 = carry

        // 2²⁵⁶ ≡ 38
        carry = 0
        (carry, low.0) = multiplyAdd(high.0, 38, low.0, carry)
        (carry, low.1) = multiplyAdd(high.1, 38, low.1, carry)
        (carry, low.2) = multiplyAdd(high.2, 38, low.2, carry)
        (carry, low.3) = multiplyAdd(high.3, 38, low.3, carry)
        return FieldElement(low).folding(carry &* 38)
    }

    /// x^(p − 2), the inverse of every x but 0, whose result is 0.
    var inverted: FieldElement {
        // p − 2 = 2²⁵⁵ − 21: 250 ones and 01011. Each `ones` is x to the power of so many ones.
        let square = self * self
        let nine = square.squared(2) * self
        let eleven = nine * square
        let ones5 = eleven.squared(1) * nine
        let ones10 = ones5.squared(5) * ones5
        let ones20 = ones10.squared(10) * ones10
        let ones40 = ones20.squared(20) * ones20
        let ones50 = ones40.squared(10) * ones10
        let ones100 = ones50.squared(50) * ones50
        let ones200 = ones100.squared(100) * ones100
        let ones250 = ones200.squared(50) * ones50
        return ones250.squared(5) * eleven
    }

    private func squared(_ times: Int) -> FieldElement {
        var result = self
        for _ in 0..<times { result = result * result }
        return result
    }

    private static let modulus: (UInt64, UInt64, UInt64, UInt64) = (
        0xffff_ffff_ffff_ffed, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff
    )

    /// Adds a small number, with 2²⁵⁶ folded back until nothing is carried.
    private func folding(_ small: UInt64) -> FieldElement {
        var value = limbs
        var carry = false
        (value.0, carry) = Self.add(value.0, small, false)
        (value.1, carry) = Self.add(value.1, 0, carry)
        (value.2, carry) = Self.add(value.2, 0, carry)
        (value.3, carry) = Self.add(value.3, 0, carry)
        return carry ? FieldElement(value).folding(38) : FieldElement(value)
    }

    private var reduced: FieldElement {
        var value = FieldElement((limbs.0, limbs.1, limbs.2, limbs.3 & 0x7fff_ffff_ffff_ffff))
            .folding((limbs.3 >> 63) &* 19)
        while true {
            var difference = value.limbs
            var borrow = false
            (difference.0, borrow) = Self.subtract(value.limbs.0, Self.modulus.0, false)
            (difference.1, borrow) = Self.subtract(value.limbs.1, Self.modulus.1, borrow)
            (difference.2, borrow) = Self.subtract(value.limbs.2, Self.modulus.2, borrow)
            (difference.3, borrow) = Self.subtract(value.limbs.3, Self.modulus.3, borrow)
            if borrow { return value }
            value = FieldElement(difference)
        }
    }

    private static func add(_ a: UInt64, _ b: UInt64, _ carry: Bool) -> (UInt64, Bool) {
        let (first, one) = a.addingReportingOverflow(b)
        let (sum, two) = first.addingReportingOverflow(carry ? 1 : 0)
        return (sum, one || two)
    }

    private static func subtract(_ a: UInt64, _ b: UInt64, _ borrow: Bool) -> (UInt64, Bool) {
        let (first, one) = a.subtractingReportingOverflow(b)
        let (difference, two) = first.subtractingReportingOverflow(borrow ? 1 : 0)
        return (difference, one || two)
    }

    /// a·b + c + d as (high, low); it cannot overflow 128 bits.
    private static func multiplyAdd(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> (UInt64, UInt64) {
        var (high, low) = a.multipliedFullWidth(by: b)
        var carry = false
        (low, carry) = low.addingReportingOverflow(c)
        if carry { high &+= 1 }
        (low, carry) = low.addingReportingOverflow(d)
        if carry { high &+= 1 }
        return (high, low)
    }
}
