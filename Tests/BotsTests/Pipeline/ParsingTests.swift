import Testing
import WhatsAppWire

@testable import Bots

struct ParsingTests {
    @Test func quotesFlagsAndDashes() {
        let parsed = ArgumentParser.parse(#"one "two three" --big --size=10 --name="a b" four\ five — six"#)
        #expect(parsed.words == ["one", "two three", "four five", "—", "six"])
        #expect(parsed.flags == ["big": "", "size": "10", "name": "a b"])
        // A telephone makes one long dash of two short ones.
        #expect(ArgumentParser.parse("—big x").flags == ["big": ""])
        #expect(ArgumentParser.parse("“two words” last").words == ["two words", "last"])
        #expect(ArgumentParser.parse(#"unclosed "quote here"#).words == ["unclosed", "\"quote", "here"])
        #expect(ArgumentParser.parse("  a\nb  ").text == "a\nb")
    }

    @Test func anyTextIsTakenApart() {
        var random = SeededNumbers(seed: 7)
        let letters = Array("ab \"\\-=“”\n@{}🙂é")
        for _ in 0..<500 {
            let text = String(
                (0..<Int.random(in: 0..<60, using: &random)).map { _ in letters.randomElement(using: &random) ?? " " }
            )
            let parsed = ArgumentParser.parse(text)
            #expect(parsed.words.count <= CommandArguments.wordLimit, "\(text)")
        }
        #expect(ArgumentParser.parse(String(repeating: "x ", count: 10_000)).words.count == CommandArguments.wordLimit)
    }

    @Test func prefixes() {
        let known: (String) -> Bool = { $0 == "ping" }
        #expect(PrefixStage.read(".ping now", prefixes: ["."], isKnown: known)?.rest == "now")
        #expect(PrefixStage.read("!PING", prefixes: [".", "!"], isKnown: known)?.name == "ping")
        #expect(PrefixStage.read(". ping", prefixes: ["."], isKnown: known)?.name == "ping")
        #expect(PrefixStage.read("bot, ping", prefixes: ["bot,"], isKnown: known)?.name == "ping")
        #expect(PrefixStage.read("...", prefixes: ["."], isKnown: known) == nil)
        #expect(PrefixStage.read(".", prefixes: ["."], isKnown: known) == nil)
        #expect(PrefixStage.read("ping", prefixes: ["."], isKnown: known) == nil)
        // Without a prefix only what is known is a command.
        #expect(PrefixStage.read("ping me", prefixes: [""], isKnown: known)?.name == "ping")
        #expect(PrefixStage.read("hello", prefixes: [], isKnown: known) == nil)
        #expect(PrefixStage.read(".unknown", prefixes: ["."], isKnown: known)?.name == "unknown")
    }

    @Test func durations() {
        #expect(DurationText.read("90s") == .seconds(90))
        #expect(DurationText.read("2h30m") == .seconds(9_000))
        #expect(DurationText.read("10") == .seconds(600))
        #expect(DurationText.read("1w") == .seconds(604_800))
        for bad in ["", "0", "x", "10x", "m", "99999999d", "-5m", "1h2"] {
            #expect(DurationText.read(bad) == nil, "\(bad)")
        }
        #expect(DurationText.write(.seconds(93_784)) == "1 d 2 h")
    }

    @Test func argumentsAreCheckedAgainstTheDeclaration() throws {
        let declaration = CommandDeclaration(
            "try",
            .general,
            Phrase(same: "Tries."),
            arguments: [
                CommandArgument("count", "count", .number(1...5), Phrase(same: "How many.")),
                CommandArgument("kind", "kind", .choice(["a", "b"]), optional: true, Phrase(same: "Which.")),
                CommandArgument("text", "text", .text, optional: true, Phrase(same: "What.")),
                CommandArgument(flag: "fast", Phrase(same: "Fast.")),
            ]
        )
        var good = ArgumentParser.parse("3 hello  there --fast")
        try good.bind(to: declaration, prefix: ".", mentions: [], quoted: nil)
        #expect(good.number("count") == 3)
        #expect(good["kind"] == nil)
        #expect(good["text"] == "hello  there")
        #expect(good.has(flag: "fast"))
        for bad in ["", "9", "x", "1 a --slow"] {
            var arguments = ArgumentParser.parse(bad)
            #expect(throws: CommandRefusal.self, "\(bad)") {
                try arguments.bind(to: declaration, prefix: ".", mentions: [], quoted: nil)
            }
        }
        #expect(declaration.usage() == "try <count> [a|b] [text] [--fast]")
    }

    @Test func whatFollowsAWordStaysAsItWasWritten() throws {
        let declaration = CommandDeclaration(
            "keep",
            .general,
            Phrase(same: "Keeps."),
            arguments: [
                CommandArgument("name", "name", .word, Phrase(same: "Its name.")),
                CommandArgument("text", "text", .text, Phrase(same: "What.")),
                CommandArgument(flag: "fast", Phrase(same: "Fast.")),
            ]
        )
        for (written, name, text) in [
            ("rules Be  kind\n\nand \"short\"", "rules", "Be  kind\n\nand \"short\""),
            ("\"two words\" --fast a\nb", "two words", "a\nb"),
        ] {
            var arguments = ArgumentParser.parse(written)
            try arguments.bind(to: declaration, prefix: ".", mentions: [], quoted: nil)
            #expect(arguments["name"] == name)
            #expect(arguments["text"] == text)
        }
    }

    @Test func peopleAreFoundHoweverTheyAreNamed() throws {
        let declaration = CommandDeclaration(
            "who",
            .general,
            Phrase(same: "Who."),
            arguments: [
                CommandArgument("member", "member", .people, Phrase(same: "Who.")),
                CommandArgument("reason", "reason", .text, optional: true, Phrase(same: "Why.")),
            ]
        )
        let ada = Person(JID(user: "15550001111", server: .user))
        var arguments = ArgumentParser.parse("@15550001111 +1 (555) spam +15550002222")
        try arguments.bind(to: declaration, prefix: ".", mentions: [ada], quoted: nil)
        #expect(arguments.people.map(\.jid.user) == ["15550001111", "15550002222"])
        #expect(arguments["reason"] == "+1 (555) spam")
        var answered = ArgumentParser.parse("being rude")
        try answered.bind(to: declaration, prefix: ".", mentions: [], quoted: ada)
        #expect(answered.people == [ada])
        #expect(answered["reason"] == "being rude")
    }

    @Test func namesAreUnique() throws {
        #expect(throws: CommandRegistryError.takenName("ping")) { try CommandRegistry([PingCommand(), PingCommand()]) }
        let registry = try CommandRegistry.builtIn()
        #expect(registry.find("help")?.declaration.name == "menu")
        #expect(registry.find("nothing") == nil)
        #expect(registry.closest(to: "pnig") == nil)
        #expect(registry.closest(to: "pingg") == "ping")
    }
}

/// The same numbers each time.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
