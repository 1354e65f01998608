/// What an expression is made of.
indirect enum RegexNode {
    case one(RegexMatcher)
    case assert(RegexPlace)
    case sequence([RegexNode])
    case either([RegexNode])
    /// Nil for any number.
    case times(RegexNode, from: Int, to: Int?)
}

/// Reads an expression.
struct RegexParser {
    private static let depthLimit = 32
    private static let repeatLimit = 256

    private let scalars: [Unicode.Scalar]
    private let original: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    /// `scalars` in lower case; `original` says whether an escape was a capital letter.
    init(_ scalars: [Unicode.Scalar], original: [Unicode.Scalar]) {
        // A letter whose lower case is longer would shift one against the other.
        self.scalars = scalars.count == original.count ? scalars : original
        self.original = original
    }

    mutating func parse() throws(BoundedRegex.Problem) -> RegexNode {
        let node = try alternatives()
        guard index == scalars.count else { throw .syntax }
        return node
    }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        index += 1
        return true
    }

    private mutating func alternatives() throws(BoundedRegex.Problem) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw .tooLong }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .either(branches)
    }

    private mutating func sequence() throws(BoundedRegex.Problem) -> RegexNode {
        var nodes: [RegexNode] = []
        while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try quantified()) }
        return .sequence(nodes)
    }

    private mutating func quantified() throws(BoundedRegex.Problem) -> RegexNode {
        var node = try atom()
        while let scalar = next {
            let range: (Int, Int?)
            switch scalar {
            case "*": range = (0, nil)
            case "+": range = (1, nil)
            case "?": range = (0, 1)
            case "{":
                guard let counted = count() else { return node }
                range = counted
            default: return node
            }
            if scalar != "{" { index += 1 }
            if case .assert = node { throw .syntax }
            guard range.0 <= Self.repeatLimit, range.1 ?? 0 <= Self.repeatLimit, range.1.map({ $0 >= range.0 }) ?? true
            else { throw .tooLong }
            node = .times(node, from: range.0, to: range.1)
            // Whether as little as possible is taken makes no difference to whether there is a match.
            _ = take("?")
        }
        return node
    }

    /// `{m}`, `{m,}` or `{m,n}`; anything else is a brace.
    private mutating func count() -> (Int, Int?)? {
        guard let end = scalars[index...].firstIndex(of: "}"), end - index <= 9 else { return nil }
        let text = String(String.UnicodeScalarView(scalars[(index + 1)..<end]))
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = parts.first.flatMap({ Int($0) }), parts.count <= 2 else { return nil }
        if parts.count == 1 {
            index = end + 1
            return (first, first)
        }
        guard parts[1].isEmpty || Int(parts[1]) != nil else { return nil }
        index = end + 1
        return (first, Int(parts[1]))
    }

    private mutating func atom() throws(BoundedRegex.Problem) -> RegexNode {
        guard let scalar = next else { throw .syntax }
        index += 1
        switch scalar {
        case "(": return try group()
        case "[": return .one(try characterClass())
        case ".": return .one(.any)
        case "^": return .assert(.start)
        case "$": return .assert(.end)
        case "\\": return try escape()
        case "*", "+", "?": throw .syntax
        default: return .one(.scalar(scalar))
        }
    }

    private mutating func group() throws(BoundedRegex.Problem) -> RegexNode {
        if take("?") {
            guard take(":") else { throw .notOffered("(?") }
        }
        let node = try alternatives()
        guard take(")") else { throw .syntax }
        return node
    }

    private mutating func escape() throws(BoundedRegex.Problem) -> RegexNode {
        guard index < original.count else { throw .syntax }
        switch original[index] {
        case "b":
            index += 1
            return .assert(.wordBoundary)
        case "B":
            index += 1
            return .assert(.noWordBoundary)
        default: return .one(try escapedMatcher())
        }
    }

    private mutating func escapedMatcher() throws(BoundedRegex.Problem) -> RegexMatcher {
        guard index < original.count else { throw .syntax }
        let scalar = original[index]
        index += 1
        switch scalar {
        case "d": return .digit
        case "D": return .not(.digit)
        case "w": return .word
        case "W": return .not(.word)
        case "s": return .space
        case "S": return .not(.space)
        case "n": return .scalar("\n")
        case "t": return .scalar("\t")
        case "0"..."9", "a"..."z", "A"..."Z": throw .notOffered("\\\(scalar)")
        default: return .scalar(scalar)
        }
    }

    private mutating func characterClass() throws(BoundedRegex.Problem) -> RegexMatcher {
        let isNegated = take("^")
        var matchers: [RegexMatcher] = []
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            index += 1
            let low: RegexMatcher = scalar == "\\" ? try escapedMatcher() : .scalar(scalar)
            guard case .scalar(let start) = low, next == "-", index + 1 < scalars.count, scalars[index + 1] != "]"
            else {
                matchers.append(low)
                continue
            }
            index += 1
            guard let end = next, end != "\\", start <= end else { throw .syntax }
            index += 1
            matchers.append(.range(start, end))
        }
        guard take("]"), !matchers.isEmpty else { throw .syntax }
        let characters = RegexMatcher.anyOf(RegexClass(matchers))
        return isNegated ? .not(characters) : characters
    }
}

/// Writes an expression out as instructions.
struct RegexCompiler {
    private(set) var program: [RegexInstruction] = []

    private mutating func emit(_ instruction: RegexInstruction) throws(BoundedRegex.Problem) {
        guard program.count < BoundedRegex.programLimit else { throw .tooLong }
        program.append(instruction)
    }

    mutating func add(_ node: RegexNode) throws(BoundedRegex.Problem) {
        switch node {
        case .one(let matcher): try emit(.one(matcher))
        case .assert(let place): try emit(.assert(place))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .either(let branches): try add(branches)
        case .times(let node, let from, let to): try add(node, from: from, to: to)
        }
    }

    private mutating func add(_ branches: [RegexNode]) throws(BoundedRegex.Problem) {
        var ends: [Int] = []
        for (number, branch) in branches.enumerated() {
            let isLast = number == branches.count - 1
            let split = program.count
            if !isLast { try emit(.jump(0)) }
            try add(branch)
            guard !isLast else { break }
            ends.append(program.count)
            try emit(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        for end in ends { program[end] = .jump(program.count) }
    }

    private mutating func add(_ node: RegexNode, from: Int, to: Int?) throws(BoundedRegex.Problem) {
        for _ in 0..<from { try add(node) }
        guard let to else {
            let start = program.count
            try emit(.jump(0))
            try add(node)
            try emit(.jump(start))
            program[start] = .split(start + 1, program.count)
            return
        }
        var splits: [Int] = []
        for _ in from..<max(from, to) {
            splits.append(program.count)
            try emit(.jump(0))
            try add(node)
        }
        for split in splits { program[split] = .split(split + 1, program.count) }
    }
}
