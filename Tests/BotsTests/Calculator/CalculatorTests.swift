import Foundation
import Testing

@testable import Bots

struct CalculatorTests {
    @Test(arguments: [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ^ 3 ^ 2", 512), ("-2 ^ 2", -4), ("2 ^ -1", 0.5), ("10 / 4", 2.5),
        ("10 % 4", 2), ("50%", 0.5), ("200 * 10%", 20), ("5!", 120), ("2(3 + 4)", 14), ("2pi", 2 * Double.pi),
        ("sqrt(16) + abs(-2)", 6), ("1,5 × 2", 3), ("1e3 + 1", 1_001), ("2e", 2 * M_E), ("--3", 3), ("√9", 3),
        ("log(1000)", 3), (".5 + .25", 0.75),
    ])
    func numbersComeOut(text: String, value: Double) throws {
        #expect(abs(try Calculator.value(of: text) - value) < 1e-9)
    }

    @Test(
        arguments: [
            ("", .unexpected(nil)), ("1 +", .unexpected(nil)), ("1 / 0", .undefined), ("sqrt(-1)", .undefined),
            ("171!", .undefined), ("0.5!", .undefined), ("9^9^9^9", .undefined), ("(1", .unexpected(nil)),
            ("1)", .unexpected(")")), ("exec(1)", .unknownName("exec")), ("1..2", .unexpected("1")),
            ("½", .unexpected("½")),
            ("$(id)", .unexpected("$")),
        ] as [(String, Calculator.Problem)]
    )
    func nonsenseIsTold(text: String, problem: Calculator.Problem) {
        #expect(throws: problem) { try Calculator.value(of: text) }
    }

    @Test func depthAndLengthAreBounded() {
        let brackets = String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200)
        #expect(throws: Calculator.Problem.tooDeep) { try Calculator.value(of: brackets) }
        #expect(throws: Calculator.Problem.tooDeep) {
            try Calculator.value(of: Array(repeating: "2", count: 200).joined(separator: "^"))
        }
        #expect(throws: Calculator.Problem.tooLong) { try Calculator.value(of: String(repeating: "1", count: 501)) }
        #expect(Calculator.text(of: 0.1 + 0.2) == "0.3")
        #expect(Calculator.text(of: 20) == "20")
    }

    @Test func anyTextEndsInANumberOrAnError() {
        var random = SystemRandomNumberGenerator()
        let letters = Array("0123456789.+-*/%^!()eπ√ sincoslgqrtab,")
        for _ in 0..<2_000 {
            let text = String(
                (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in letters.randomElement(using: &random) }
            )
            _ = try? Calculator.value(of: text)
        }
    }
}
