/// What is wrong with a history blob.
package enum HistoryError: Error, Equatable {
    /// It is no encoded HistorySync, or damaged.
    case malformed
    case truncated
    /// One thing in it is larger than anything real.
    case tooLarge(limit: Int)
}

/// Takes an encoded HistorySync apart as its bytes come, without ever holding it as a whole.
///
/// Conversations are taken apart too: their messages come out one by one, before the rest of their conversation.
package struct HistoryScanner {
    package enum Item: Equatable {
        /// An encoded HistorySyncMsg of the conversation with that identifier.
        case message([UInt8], conversation: String)
        /// An encoded Conversation without its messages.
        case conversation([UInt8])
        /// Any other field of HistorySync: its content, or the number itself.
        case field(Int, [UInt8])
        case number(Int, UInt64)
    }

    /// Of one message, of a conversation without its messages, and of any other field.
    package static let limit = 16 * 1024 * 1024

    /// What is being collected.
    private enum Place {
        case top
        case inConversation(remaining: Int)
    }

    private var buffer: [UInt8] = []
    private var position = 0
    private var place = Place.top
    private var identifier = ""
    private var header: [UInt8] = []
    /// Messages that came before their conversation's identifier.
    private var early: [[UInt8]] = []
    private var earlySize = 0
    private let limit: Int

    package init(limit: Int = HistoryScanner.limit) {
        self.limit = limit
    }

    package mutating func feed(_ bytes: ArraySlice<UInt8>) {
        if position > 0 {
            buffer.removeFirst(position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next thing that has come as a whole; nil when more bytes are needed.
    package mutating func next() throws(HistoryError) -> Item? {
        while true {
            switch place {
            case .top:
                guard let step = try nextAtTop() else { return nil }
                if case .item(let item) = step { return item }
            case .inConversation(let remaining):
                guard let step = try nextInConversation(remaining) else { return nil }
                if case .item(let item) = step { return item }
            }
        }
    }

    /// To be called after the last bytes.
    package func finish() throws(HistoryError) {
        guard case .top = place, position == buffer.count else { throw .truncated }
    }

    private enum Step {
        case item(Item)
        case goOn
    }

    private mutating func nextAtTop() throws(HistoryError) -> Step? {
        guard let (field, start) = try field(at: position) else { return nil }
        if field.number == 2, case .bytes(let length) = field.content {
            position = start
            place = .inConversation(remaining: length)
            (identifier, header, early, earlySize) = ("", [], [], 0)
            return .goOn
        }
        switch field.content {
        case .bytes(let length):
            guard let content = try take(length, from: start) else { return nil }
            return .item(.field(field.number, content))
        case .number(let number):
            position = start
            return .item(.number(field.number, number))
        }
    }

    private mutating func nextInConversation(_ remaining: Int) throws(HistoryError) -> Step? {
        if !identifier.isEmpty, let message = early.popLast() {
            return .item(.message(message, conversation: identifier))
        }
        guard remaining > 0 else {
            // Messages that still wait belong to nobody: the conversation has no identifier.
            place = .top
            return .item(.conversation(header))
        }
        let begin = position
        guard let (field, start) = try field(at: begin) else {
            guard buffer.count - begin < remaining else { throw .malformed }
            return nil
        }
        guard case .bytes(let length) = field.content else {
            guard start - begin <= remaining else { throw .malformed }
            position = start
            try keep(buffer[begin..<start])
            place = .inConversation(remaining: remaining - (start - begin))
            return .goOn
        }
        guard length <= remaining - (start - begin) else { throw .malformed }
        guard let content = try take(length, from: start) else { return nil }
        place = .inConversation(remaining: remaining - (position - begin))
        if field.number == 2 {
            guard identifier.isEmpty else { return .item(.message(content, conversation: identifier)) }
            earlySize += content.count
            guard earlySize <= limit else { throw .tooLarge(limit: limit) }
            early.append(content)
            return .goOn
        }
        if field.number == 1 {
            guard let text = String(validating: content, as: UTF8.self) else { throw .malformed }
            identifier = text
        }
        try keep(buffer[begin..<position])
        return .goOn
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) throws(HistoryError) {
        guard header.count + bytes.count <= limit else { throw .tooLarge(limit: limit) }
        header.append(contentsOf: bytes)
    }
}

extension HistoryScanner {
    private struct Field {
        enum Content {
            /// What follows has that many bytes.
            case bytes(Int)
            case number(UInt64)
        }

        let number: Int
        let content: Content
    }

    /// The content of that length, once all of it is here.
    private mutating func take(_ length: Int, from start: Int) throws(HistoryError) -> [UInt8]? {
        guard length <= limit else { throw .tooLarge(limit: limit) }
        guard buffer.count - start >= length else { return nil }
        position = start + length
        return Array(buffer[start..<position])
    }

    /// A field's head, and where its content starts; nil when it is not all here.
    private func field(at start: Int) throws(HistoryError) -> (Field, Int)? {
        guard let (tag, afterTag) = try number(at: start) else { return nil }
        guard let number = Int(exactly: tag >> 3), (1...536_870_911).contains(number) else { throw .malformed }
        switch tag & 7 {
        case 0:
            guard let (value, end) = try self.number(at: afterTag) else { return nil }
            return (Field(number: number, content: .number(value)), end)
        case 1, 5:
            let size = tag & 7 == 1 ? 8 : 4
            guard buffer.count - afterTag >= size else { return nil }
            let value = buffer[afterTag..<afterTag + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return (Field(number: number, content: .number(value)), afterTag + size)
        case 2:
            guard let (length, end) = try self.number(at: afterTag) else { return nil }
            guard let length = Int(exactly: length), length <= Int(Int32.max) else { throw .malformed }
            return (Field(number: number, content: .bytes(length)), end)
        default: throw .malformed
        }
    }

    /// A number in its variable form; nil when it is not all here.
    private func number(at start: Int) throws(HistoryError) -> (UInt64, Int)? {
        var value: UInt64 = 0
        for offset in 0..<10 {
            guard start + offset < buffer.count else { return nil }
            let byte = buffer[start + offset]
            if offset == 9, byte > 1 { throw .malformed }
            value |= UInt64(byte & 0x7F) << UInt64(7 * offset)
            if byte & 0x80 == 0 { return (value, start + offset + 1) }
        }
        throw .malformed
    }
}
