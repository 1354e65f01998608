import Foundation
import Testing
import WhatsAppCrypto

struct AppStateIndexTests {
    @Test(arguments: [
        [], ["mute", "123@s.whatsapp.net"], ["a\"b\\c\n\t\r\u{8}\u{c}\u{1}", "Größe 🎉"], [""],
    ])
    func whatIsWrittenReadsTheSame(parts: [String]) throws {
        let bytes = AppStateIndex.encode(parts)
        #expect(AppStateIndex.decode(bytes) == parts)
        #expect(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String] == parts)
    }

    @Test func otherSpellingsAreRead() {
        #expect(AppStateIndex.decode(Array(#" [ "a" , 1, true , "😀\/" ] "#.utf8)) == ["a", "1", "true", "😀/"])
    }

    @Test(arguments: [
        "", "[", "]", "{}", #"["a""#, #"["a" "b"]"#, #"["a",]"#, #"[["a"]]"#, #"["\ud83d"]"#, #"["\u12"]"#, #"["\q"]"#,
        #"["a"]x"#, "[\"\u{1}\"]", #""a""#, #"[,]"#, #"["\ud83dA"]"#,
    ])
    func anythingElseIsNoIndex(text: String) {
        #expect(AppStateIndex.decode(Array(text.utf8)) == nil)
    }

    @Test func whatIsTooLongIsNoIndex() {
        #expect(AppStateIndex.decode(AppStateIndex.encode([String(repeating: "a", count: 9000)])) == nil)
        #expect(AppStateIndex.decode([UInt8](repeating: UInt8(ascii: "["), count: 5000)) == nil)
    }
}
