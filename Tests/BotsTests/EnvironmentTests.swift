import Testing

@testable import Bots

struct EnvironmentTests {
    @Test(arguments: ["", "lower", "1ST", "A-B", "A B", "Ä", String(repeating: "A", count: 65)])
    func badNamesAreRefused(name: String) {
        #expect(throws: HostingError.invalidEnvironment(name: String(name.prefix(64)), .invalidName)) {
            try VariableWish(name: name, value: "x", isSecret: false)
        }
    }

    @Test func knownVariablesTakeTheirValuesAlone() throws {
        #expect(throws: HostingError.invalidEnvironment(name: "WARN_LIMIT", .outOfRange(1, 20))) {
            try VariableWish(name: "WARN_LIMIT", value: "21", isSecret: false)
        }
        #expect(throws: HostingError.invalidEnvironment(name: "AUTO_READ", .notOffered(["true", "false"]))) {
            try VariableWish(name: "AUTO_READ", value: "yes", isSecret: false)
        }
        #expect(throws: HostingError.invalidEnvironment(name: "FREE", .tooLong(4_096))) {
            try VariableWish(name: "FREE", value: String(repeating: "x", count: 4_097), isSecret: false)
        }
        #expect(throws: HostingError.invalidEnvironment(name: "FREE", .invalidValue)) {
            try VariableWish(name: "FREE", value: "a\0b", isSecret: false)
        }
        #expect(try VariableWish(name: "OPENAI_API_KEY", value: "k", isSecret: false).isSecret)
        #expect(try VariableWish(name: "WARN_LIMIT", value: "20", isSecret: false).value == "20")
    }

    @Test func everyKnownVariableTakesItsStandard() throws {
        for variable in KnownVariable.all {
            guard let standard = variable.standard else { continue }
            #expect(throws: Never.self) { try VariableWish(name: variable.name, value: standard, isSecret: false) }
        }
        #expect(Set(KnownVariable.all.map(\.name)).count == KnownVariable.all.count)
    }

    @Test(arguments: [
        ("", false), ("  ", false), ("Ada\nBob", false), ("Ada", true), (String(repeating: "x", count: 61), false),
    ])
    func namesAreOneLine(name: String, isGood: Bool) {
        #expect(BotText.isName(name) == isGood)
    }

    @Test(arguments: [("!", true), ("..", true), ("! ", false), ("", false), ("12345", false)])
    func prefixesAreShort(prefix: String, isGood: Bool) {
        #expect(BotText.isPrefix(prefix) == isGood)
    }
}
