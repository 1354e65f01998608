import Database
import HTTPTypes
import Testing

@testable import Web

struct DatabaseUnavailableTests {
    @Test(arguments: [DatabaseError.poolExhausted, .timeout, .connectionLost, .unreachable(sqlState: nil), .deadlock])
    func aBusyDatabaseIsToBeAskedAgain(error: DatabaseError) throws {
        let told = try #require(DatabaseUnavailable(error))
        #expect(told.status == .serviceUnavailable)
        #expect(told.retryAfter == .seconds(5))
    }

    @Test(arguments: [DatabaseError.uniqueViolation(constraint: "x"), .other(sqlState: "42P01"), .moreThanOneRow])
    func whatIsOurFaultStaysOurs(error: DatabaseError) {
        #expect(DatabaseUnavailable(error) == nil)
    }
}
