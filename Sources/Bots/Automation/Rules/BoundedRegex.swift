/// A regular expression whose search takes time in proportion to the text, whatever the expression is.
///
/// Knows literals, `.`, classes, `\d \w \s \b` and their opposites, anchors, groups, alternatives, `* + ?` and `{m,n}`; the
/// case of letters does not matter. What needs a search back, such as references and look-around, is refused.
package struct BoundedRegex: Sendable {
    package enum Problem: Error, Equatable {
        case syntax
        /// Something that this kind of expression cannot do.
        case notOffered(String)
        /// The expression, written out, is longer than a bot has time for.
        case tooLong

        package var phrase: Phrase {
            switch self {
            case .syntax: Phrase(en: "This is no regular expression.", id: "Ini bukan ekspresi reguler.")
            case .notOffered(let part): Phrase(en: "“\(part)” is not offered.", id: "“\(part)” tidak tersedia.")
            case .tooLong: Phrase(en: "The expression is too long.", id: "Ekspresinya terlalu panjang.")
            }
        }
    }

    /// As many instructions as an expression may have.
    static let programLimit = 1_024
    /// As many characters of a text as are searched.
    static let textLimit = 2_048

    private let program: [RegexInstruction]

    package init(_ pattern: String) throws(Problem) {
        guard pattern.unicodeScalars.count <= 500 else { throw .tooLong }
        var parser = RegexParser(Array(pattern.lowercased().unicodeScalars), original: Array(pattern.unicodeScalars))
        let node = try parser.parse()
        var compiler = RegexCompiler()
        try compiler.add(node)
        program = compiler.program + [.match]
    }

    /// Whether any part of the text matches.
    package func matches(_ text: String) -> Bool {
        var budget = RegexBudget()
        return matches(text, &budget)
    }

    /// The same within a number of steps that several expressions may share; false once they are used up.
    func matches(_ text: String, _ budget: inout RegexBudget) -> Bool {
        let scalars = Array(text.lowercased().unicodeScalars.prefix(Self.textLimit))
        var current = Threads(program.count)
        var next = Threads(program.count)
        for position in 0...scalars.count {
            // A match may begin anywhere.
            if follow(0, at: position, in: scalars, &current, &budget) { return true }
            guard position < scalars.count, budget.steps > 0 else { break }
            budget.steps -= current.list.count
            for thread in current.list {
                guard case .one(let matcher) = program[thread], matcher.matches(scalars[position]) else { continue }
                if follow(thread + 1, at: position + 1, in: scalars, &next, &budget) { return true }
            }
            swap(&current, &next)
            next.clear()
        }
        return false
    }

    /// The instructions under way, each once.
    private struct Threads {
        var list: [Int] = []
        private var seen: [UInt32]
        private var round: UInt32 = 1

        init(_ count: Int) {
            seen = [UInt32](repeating: 0, count: count)
            list.reserveCapacity(count)
        }

        mutating func insert(_ instruction: Int) -> Bool {
            guard seen[instruction] != round else { return false }
            seen[instruction] = round
            return true
        }

        mutating func clear() {
            list.removeAll(keepingCapacity: true)
            round += 1
        }
    }

    /// Goes as far as no character is needed; true at the end of the expression.
    private func follow(
        _ start: Int,
        at position: Int,
        in text: [Unicode.Scalar],
        _ threads: inout Threads,
        _ budget: inout RegexBudget
    ) -> Bool {
        var open = [start]
        while let index = open.popLast() {
            budget.steps -= 1
            guard threads.insert(index) else { continue }
            switch program[index] {
            case .match: return true
            case .one: threads.list.append(index)
            case .jump(let target): open.append(target)
            case .split(let first, let second):
                open.append(second)
                open.append(first)
            case .assert(let place):
                if place.holds(at: position, in: text) { open.append(index + 1) }
            }
        }
        return false
    }
}

/// How many steps the expressions that look at a message may take together.
///
/// A million take some ten milliseconds; a hundred rules on a text of usual length take a tenth of that.
struct RegexBudget {
    static let limit = 1_000_000

    var steps = limit

    var isUsedUp: Bool { steps <= 0 }
}

enum RegexInstruction: Sendable {
    case one(RegexMatcher)
    case split(Int, Int)
    case jump(Int)
    case assert(RegexPlace)
    case match
}

/// A place between two characters.
enum RegexPlace: Sendable {
    case start, end, wordBoundary, noWordBoundary

    func holds(at position: Int, in text: [Unicode.Scalar]) -> Bool {
        switch self {
        case .start: return position == 0
        case .end: return position == text.count
        case .wordBoundary, .noWordBoundary:
            let before = position > 0 && RegexMatcher.isWord(text[position - 1])
            let after = position < text.count && RegexMatcher.isWord(text[position])
            return (before != after) == (self == .wordBoundary)
        }
    }
}

/// What one character may be.
indirect enum RegexMatcher: Sendable {
    case scalar(Unicode.Scalar)
    case any
    case digit, word, space
    case range(Unicode.Scalar, Unicode.Scalar)
    case anyOf(RegexClass)
    case not(RegexMatcher)

    func matches(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .scalar(let wanted): scalar == wanted
        case .any: scalar != "\n"
        case .digit: ("0"..."9").contains(scalar)
        case .word: Self.isWord(scalar)
        case .space: scalar.properties.isWhitespace
        case .range(let low, let high): low <= scalar && scalar <= high
        case .anyOf(let characters): characters.contains(scalar)
        case .not(let matcher): !matcher.matches(scalar)
        }
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
