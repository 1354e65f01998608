import Foundation

/// Works out what people type: numbers, signs, brackets and a few functions, within bounds on length and depth.
struct Calculator {
    enum Problem: Error, Equatable {
        case tooLong
        case tooDeep
        /// What is there does not belong there; nil at the end.
        case unexpected(Character?)
        case unknownName(String)
        /// Nothing that a number can say, such as a division by zero.
        case undefined
    }

    static let lengthLimit = 500
    static let depthLimit = 40

    private let characters: [Character]
    private var position = 0
    private var depth = 0

    static func value(of text: String) throws(Problem) -> Double {
        guard text.utf8.count <= lengthLimit else { throw .tooLong }
        var calculator = Calculator(text)
        let value = try calculator.sum()
        guard calculator.position == calculator.characters.count else { throw .unexpected(calculator.next) }
        guard value.isFinite else { throw .undefined }
        return value
    }

    /// As people read it: without a fraction that is none, and without the last digits, which are noise.
    static func text(of value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(format: "%.12g", value)
    }

    private init(_ text: String) {
        characters = text.lowercased().compactMap { character in
            if character.isWhitespace { return nil }
            return switch character {
            case "×", "·": "*"
            case "÷", ":": "/"
            case "−", "–": "-"
            case ",": "."
            case "[", "{": "("
            case "]", "}": ")"
            default: character
            }
        }
    }

    private var next: Character? { position < characters.count ? characters[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        position += 1
        return true
    }

    private mutating func sum() throws(Problem) -> Double {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw .tooDeep }
        var value = try product()
        while true {
            if take("+") {
                value += try product()
            } else if take("-") {
                value -= try product()
            } else {
                return value
            }
        }
    }

    private mutating func product() throws(Problem) -> Double {
        var value = try signed()
        while true {
            if take("*") {
                value *= try signed()
            } else if take("/") {
                value = try checked(value / (try signed()))
            } else if next == "%", isOperator(after: position) {
                position += 1
                value = try checked(value.truncatingRemainder(dividingBy: try signed()))
            } else if next == "(" || next?.isLetter == true {
                // Two things side by side are multiplied.
                value *= try power()
            } else {
                return value
            }
        }
    }

    /// Whether the sign stands between two values; otherwise `%` means hundredths.
    private func isOperator(after index: Int) -> Bool {
        guard index + 1 < characters.count else { return false }
        let follower = characters[index + 1]
        return follower.isNumber || follower.isLetter || follower == "(" || follower == "."
    }

    private mutating func signed() throws(Problem) -> Double {
        var isNegative = false
        while let sign = next, sign == "-" || sign == "+" {
            position += 1
            if sign == "-" { isNegative.toggle() }
        }
        let value = try power()
        return isNegative ? -value : value
    }

    private mutating func power() throws(Problem) -> Double {
        let base = try suffixed()
        guard take("^") else { return base }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw .tooDeep }
        return try checked(pow(base, try signed()))
    }

    private mutating func suffixed() throws(Problem) -> Double {
        var value = try atom()
        while true {
            if take("!") {
                guard value >= 0, value <= 170, value == value.rounded() else { throw .undefined }
                value = tgamma(value + 1).rounded()
            } else if next == "%", !isOperator(after: position) {
                position += 1
                value /= 100
            } else {
                return value
            }
        }
    }

    private mutating func atom() throws(Problem) -> Double {
        guard let first = next else { throw .unexpected(nil) }
        if take("(") {
            let value = try sum()
            guard take(")") else { throw .unexpected(next) }
            return value
        }
        if first.isASCII, first.isNumber || first == "." { return try number() }
        guard first.isASCII, first.isLetter || first == "√" || first == "π" else {
            if take("π") { return .pi }
            if take("√") { return try checked(try power().squareRoot()) }
            throw .unexpected(first)
        }
        return try named()
    }

    private mutating func number() throws(Problem) -> Double {
        let start = position
        while let character = next, character.isASCII, character.isNumber || character == "." { position += 1 }
        // An exponent, unless it is the constant.
        if next == "e", position + 1 < characters.count {
            let sign = characters[position + 1]
            let digits = sign == "-" || sign == "+" ? position + 2 : position + 1
            if digits < characters.count, characters[digits].isASCII, characters[digits].isNumber {
                position = digits
                while let character = next, character.isASCII, character.isNumber { position += 1 }
            }
        }
        guard let value = Double(String(characters[start..<position])) else { throw .unexpected(characters[start]) }
        return try checked(value)
    }

    private mutating func named() throws(Problem) -> Double {
        let start = position
        while let character = next, character.isASCII, character.isLetter { position += 1 }
        let name = String(characters[start..<position])
        switch name {
        case "pi": return .pi
        case "e": return M_E
        default: break
        }
        guard let function = Self.functions[name] else { throw .unknownName(name) }
        guard take("(") else { throw .unexpected(next) }
        let value = try sum()
        guard take(")") else { throw .unexpected(next) }
        return try checked(function(value))
    }

    private static let functions: [String: @Sendable (Double) -> Double] = [
        "sqrt": { $0.squareRoot() }, "cbrt": { cbrt($0) }, "abs": { abs($0) }, "round": { $0.rounded() },
        "floor": { $0.rounded(.down) }, "ceil": { $0.rounded(.up) }, "sin": { sin($0) }, "cos": { cos($0) },
        "tan": { tan($0) }, "asin": { asin($0) }, "acos": { acos($0) }, "atan": { atan($0) }, "ln": { log($0) },
        "log": { log10($0) }, "exp": { exp($0) }, "deg": { $0 * 180 / .pi }, "rad": { $0 * .pi / 180 },
    ]

    private func checked(_ value: Double) throws(Problem) -> Double {
        guard value.isFinite else { throw .undefined }
        return value
    }
}
