/// The words that the wire abbreviates to one or two bytes (version 3, named in the last byte of the prologue).
package struct TokenDictionary: Sendable {
    package static let standard = TokenDictionary()

    /// 236 entries; the first is not a word.
    package let single: [String]
    /// Four times 256 entries.
    package let double: [[String]]
    /// Open addressing: a word's code, or 0 where the slot is free.
    ///
    /// Single codes are 1...235, double ones 236·256 and above.
    private let slots: [UInt16]
    private let longest: Int

    private static let slotCount = 8192

    private init() {
        single = [""] + DictionaryWords.single.split { $0 == " " || $0 == "\n" }.map(String.init)
        double = DictionaryWords.double.map { $0.split { $0 == " " || $0 == "\n" }.map(String.init) }
        var slots = [UInt16](repeating: 0, count: Self.slotCount)
        var longest = 0
        func enter(_ word: String, _ code: Int) {
            longest = max(longest, word.utf8.count)
            var slot = Self.slot(of: word)
            while slots[slot] != 0 { slot = (slot + 1) % Self.slotCount }
            slots[slot] = UInt16(truncatingIfNeeded: code)
        }
        for (code, word) in single.enumerated().dropFirst() { enter(word, code) }
        for (page, words) in double.enumerated() {
            for (index, word) in words.enumerated() { enter(word, (236 + page) << 8 | index) }
        }
        self.slots = slots
        self.longest = longest
    }

    /// The code of a word: below 236 in one byte, otherwise two bytes big-endian.
    ///
    /// Nil when it is no word.
    func code(of word: String) -> UInt16? {
        guard word.utf8.count <= longest else { return nil }
        var slot = Self.slot(of: word)
        while true {
            let code = slots[slot]
            if code == 0 { return nil }
            let found = code < 236 ? single[Int(code)] : double[Int(code >> 8) - 236][Int(code & 0xff)]
            if found == word { return code }
            slot = (slot + 1) % Self.slotCount
        }
    }

    private static func slot(of word: String) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in word.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int((hash ^ (hash >> 15)) % UInt32(slotCount))
    }
}
