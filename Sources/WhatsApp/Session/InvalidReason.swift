/// Why something cannot be right, as a code that whoever asked can put into words of their own.
package enum InvalidReason: Sendable, Equatable {
    case empty
    /// Not as many characters as that.
    case length(ClosedRange<Int>)
    /// More bytes of UTF-8 than that.
    case bytes(limit: Int)
    /// Not as many of them as that.
    case count(ClosedRange<Int>)
    case repeated
    case notAPerson
    case notOnWhatsApp
    case notAGroup
    case notACode
    case notAPicture
    /// Somebody else's message, which cannot be taken back outside of a group.
    case othersMessage
    /// The phone has not handed over yet what this takes.
    case notShared
    case tooLarge(devices: Int)
    /// What only a mistake of the program brings about, in English.
    case other(String)
}

extension InvalidReason: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self = .other(text)
    }
}
