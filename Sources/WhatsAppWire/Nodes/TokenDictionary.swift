/// The words that the wire abbreviates to one or two bytes (version 3, named in the last byte of the prologue).
package struct TokenDictionary: Sendable {
    package static let standard = TokenDictionary()

    /// The words of one byte by their code, `singleCount` of them, then the four pages of 256 words of two bytes.
    // SAFETY: filled in the initialiser, which only `standard` calls; never changed, never freed.
    nonisolated(unsafe) let words: UnsafePointer<String>
    /// Open addressing for the other direction.
    // SAFETY: as above.
    nonisolated(unsafe) private let slots: UnsafePointer<Slot>
    /// The words' bytes, one after the other.
    // SAFETY: as above.
    nonisolated(unsafe) private let text: UnsafePointer<UInt8>
    private let longest: Int

    private struct Slot {
        /// As `code(of:)` gives it; 0 where the slot is free.
        var code: UInt16 = 0
        /// Where the word begins in `text`.
        var start: UInt16 = 0
        var count: UInt16 = 0
    }

    /// The first code, 0, is not a word.
    static let singleCount = 236
    static let wordCount = singleCount + 4 * 256
    private static let slotCount = 4096

    private init() {
        func split(_ text: String) -> [String] {
            text.split { $0 == " " || $0 == "\n" }.map { String($0) }
        }
        let all = [""] + split(DictionaryWords.single) + DictionaryWords.double.flatMap(split)
        precondition(all.count == Self.wordCount, "The dictionary does not have the number of words that it must have")
        let words = UnsafeMutablePointer<String>.allocate(capacity: all.count)
        for (index, word) in all.enumerated() { (words + index).initialize(to: word) }
        let bytes = all.flatMap { Array($0.utf8) }
        let text = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { (text + index).initialize(to: byte) }

        let slots = UnsafeMutablePointer<Slot>.allocate(capacity: Self.slotCount)
        slots.initialize(repeating: Slot(), count: Self.slotCount)
        var start = 0
        for (index, word) in all.enumerated().dropFirst() {
            let count = word.utf8.count
            var slot = Self.slot(of: UnsafeBufferPointer(start: text + start, count: count))
            while slots[slot].code != 0 { slot = (slot + 1) % Self.slotCount }
            let code = index < Self.singleCount ? index : index - Self.singleCount + Self.singleCount << 8
            slots[slot] = Slot(
                code: UInt16(truncatingIfNeeded: code),
                start: UInt16(truncatingIfNeeded: start),
                count: UInt16(truncatingIfNeeded: count)
            )
            start += count
        }
        self.words = UnsafePointer(words)
        self.text = UnsafePointer(text)
        self.slots = UnsafePointer(slots)
        longest = all.reduce(0) { max($0, $1.utf8.count) }
    }

    /// 236 entries, of which the first is not a word.
    package var single: [String] {
        (0..<Self.singleCount).map { words[$0] }
    }

    /// Four times 256 entries.
    package var double: [[String]] {
        (0..<4).map { page in (0..<256).map { words[Self.singleCount + page * 256 + $0] } }
    }

    /// The code of a word: below 236 in one byte, otherwise two bytes big-endian; 0 when it is no word.
    @inline(__always)
    func code(of word: UnsafeBufferPointer<UInt8>) -> UInt16 {
        guard word.count <= longest, word.count > 0 else { return 0 }
        var index = Self.slot(of: word)
        while true {
            let slot = slots[index]
            if slot.code == 0 { return 0 }
            if slot.count == word.count, isEqual(word, at: Int(slot.start)) { return slot.code }
            index = (index + 1) % Self.slotCount
        }
    }

    @inline(__always)
    private func isEqual(_ word: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        for index in 0..<word.count where word[index] != text[start + index] { return false }
        return true
    }

    /// A hash over length, beginning and end, eight bytes each.
    @inline(__always)
    private static func slot(of word: UnsafeBufferPointer<UInt8>) -> Int {
        let bytes = UnsafeRawBufferPointer(word)
        let count = bytes.count
        let beginning: UInt64
        let end: UInt64
        if count >= 8 {
            beginning = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            end = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else if count >= 4 {
            beginning = UInt64(bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
            end = UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
        } else if count > 0 {
            beginning = UInt64(bytes[0]) << 8 | UInt64(bytes[count / 2])
            end = UInt64(bytes[count - 1])
        } else {
            return 0
        }
        var hash = (beginning &+ UInt64(truncatingIfNeeded: count)) &* 0x9e37_79b9_7f4a_7c15
        hash = (hash ^ (hash >> 29) ^ end) &* 0xbf58_476d_1ce4_e5b9
        return Int(truncatingIfNeeded: hash >> 52)
    }
}
