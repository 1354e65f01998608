import Foundation
import Testing

@testable import Accounts

struct AttemptStateTests {
    private let start = Date(timeIntervalSince1970: 1_790_000_000)
    private let limit = AttemptLimit(count: 3, window: .seconds(60))

    @Test func soManyPassWithinTheWindow() {
        var state = AttemptState(at: start)
        for second in 0..<3 { #expect(state.take(limit, at: start + .seconds(second)) == nil) }
        #expect(state.take(limit, at: start + .seconds(3)) == .seconds(60))
        #expect(state.take(limit, at: start + .seconds(33)) == .seconds(30))
        #expect(state.take(limit, at: start + .seconds(63)) == nil)
    }

    @Test func theWaitGrowsUpToItsLimit() {
        var state = AttemptState(at: start)
        var now = start
        var waits: [Duration] = []
        for _ in 0..<9 {
            while true {
                guard let wait = state.take(limit, at: now) else { continue }
                waits.append(wait)
                now = now + wait
                break
            }
        }
        #expect(waits == [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600].map { Duration.seconds($0) })
    }

    @Test func aQuietDayForgives() {
        var state = AttemptState(at: start)
        for _ in 0..<4 { _ = state.take(limit, at: start) }
        #expect(state.strikes == 1)
        let later = start + .seconds(90_000)
        for _ in 0..<3 { #expect(state.take(limit, at: later) == nil) }
        #expect(state.take(limit, at: later) == .seconds(60))
    }

    @Test func aClockThatWasSetBackLocksNobodyOut() {
        var state = AttemptState(at: start)
        for _ in 0..<4 { _ = state.take(limit, at: start) }
        let wait = state.take(limit, at: start + .seconds(-1_000_000))
        #expect(wait.map { $0 <= .seconds(3_600) } == true)
    }

    @Test func whatIsGivenBackDoesNotCount() {
        var state = AttemptState(at: start)
        for _ in 0..<10 {
            #expect(state.take(limit, at: start) == nil)
            state.giveBack()
        }
    }
}

@Suite(.timeLimit(.minutes(5)))
struct AttemptLimitsTests {
    @Test func togetherTheyNeverPassTheLimit() async throws {
        try await AccountsWorld.run { (world) async throws in
            let limit = AttemptLimit(count: 5, window: .seconds(60))
            let passed = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do {
                            try await world.service.limits.take(.loginAddress, by: "192.0.2.1", limit)
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(passed == 5)
        }
    }

    @Test func loginsAreLimitedByAddressAndByAccount() async throws {
        try await AccountsWorld.run { configuration in
            configuration.logins.count = 3
        } _: { (world) async throws in
            _ = try await world.register()
            func attempt(_ email: String, from address: String) async -> AccountsError? {
                let caller = Caller(address: address, network: address, userAgent: "")
                do {
                    _ = try await world.service.logIn(email: email, password: "wrong password", caller: caller)
                    return nil
                } catch {
                    return error as? AccountsError
                }
            }
            // One account from many addresses.
            for number in 1...3 {
                #expect(await attempt("ada@example.com", from: "192.0.2.\(number)") == .wrongCredentials)
            }
            #expect(
                await attempt("ADA@example.com ", from: "192.0.2.4") == .tooManyAttempts(retryAfter: .seconds(60))
            )
            // Many accounts from one address.
            for name in ["a", "b", "c"] {
                #expect(await attempt("\(name)@example.com", from: "198.51.100.1") == .wrongCredentials)
            }
            #expect(await attempt("d@example.com", from: "198.51.100.1") == .tooManyAttempts(retryAfter: .seconds(60)))
            // The owner waits too, and then gets in.
            world.clock.advance(by: .seconds(61))
            #expect(try await world.logIn().account.email.text == "ada@example.com")
        }
    }
}
