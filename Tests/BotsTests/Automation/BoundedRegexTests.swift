import Testing

@testable import Bots

struct BoundedRegexTests {
    @Test(
        arguments: [
            ("hello", "say hello there", true), ("^hello$", "hello", true), ("^hello$", "hello there", false),
            ("h.llo", "hxllo", true), ("colou?r", "COLOR", true), ("a{2,3}b", "caab", true), ("a{3}b", "caab", false),
            ("(cat|dog)s?", "two dogs", true), (#"\bcat\b"#, "concatenate", false),
            (#"\d{3}-\d+"#, "call 555-12", true),
            ("[a-c]+x", "bbx", true), ("[^a-c]x", "bx", false), (#"\S+@\S+"#, "me@home", true), ("x*", "", true),
            ("a|", "b", true), ("[]]", "]", true), ("ß", "straße", true), ("é+", "CAFÉÉ", true), ("{", "a{b", true),
            (#"\D"#, "5", false), (#"\D"#, "a", true),
        ]
    )
    func matches(_ pattern: String, _ text: String, _ isMatch: Bool) throws {
        #expect(try BoundedRegex(pattern).matches(text) == isMatch)
    }

    @Test(arguments: [
        "(", "a)", "[a", "*a", "a**b(", #"\"#, "[z-a]", "(?=a)", #"(a)\1"#, "a{300}",
        "((((((((((((((((((((((((((((((((((a))))))))))))))))))))))))))))))))))", "(a{100}){100}",
    ])
    func whatCannotBeIsRefused(_ pattern: String) {
        #expect(throws: BoundedRegex.Problem.self) { try BoundedRegex(pattern) }
    }

    @Test func bombsTakeNoTime() throws {
        let start = ContinuousClock.now
        for pattern in ["(a+)+$", "(a|aa)+$", "(.*a){12}$", "(a?){100}a{100}", #"^(\w+\s?)*$"#] {
            let regex = try BoundedRegex(pattern)
            _ = regex.matches(String(repeating: "a", count: 50_000) + "!")
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}

struct AutoReplyRuleTests {
    @Test func theHighestRuleWins() {
        let rules = RuleSet([
            AutoReplyRule(match: .contains, pattern: "price", answer: "low"),
            AutoReplyRule(match: .starts, pattern: "PRICE", answer: "high", priority: 5),
            AutoReplyRule(match: .exact, pattern: "price?", answer: "off", priority: 9, isOn: false),
            AutoReplyRule(match: .regex, pattern: #"^\d+$"#, answer: "number", scope: .private),
        ])
        #expect(rules.match("Price of tea", isGroup: true)?.answer == "high")
        #expect(rules.match("the price", isGroup: true)?.answer == "low")
        #expect(rules.match("42", isGroup: false)?.answer == "number")
        #expect(rules.match("42", isGroup: true) == nil)
        #expect(rules.match("   ", isGroup: false) == nil)
    }

    @Test func templatesAreFilledOnce() {
        var values = TemplateValues()
        values.name = "{number} {name}"
        values.number = "1"
        values.words = ["one"]
        values.response = Array(#"{"a":{"b":[1,"x"]}}"#.utf8)
        #expect(values.fill("Hi {name}!") == "Hi {number} {name}!")
        #expect(values.fill("{1}|{2}|{unknown}|{") == "one||{unknown}|{")
        #expect(values.fill("{response:a.b.1}") == "x")
        #expect(["a", "b"].contains(values.fill("{random:a|b}")))
        #expect(values.fill(String(repeating: "{name}", count: 5_000)).utf8.count <= TextTemplate.limit)
    }

    @Test func loopsAreBroken() {
        let loops = LoopGuard()
        let chat = Person(number: "15550001111")?.jid
        let bot = BotID()
        guard let chat else { return }
        var answers = 0
        for second in 0..<600 where loops.mayAnswer(bot, chat, at: .seconds(second)) { answers += 1 }
        #expect(answers < 30)
        // Somebody who takes time to read is answered.
        let slow = (0..<50).filter { loops.mayAnswer(BotID(), chat, at: .seconds($0 * 10)) }
        #expect(slow.count == 50)
    }
}
