package import HTTPTypes
package import WhatsApp

extension SessionIDError: UserFacingError {
    package var status: HTTPResponse.Status { .unprocessableContent }
    package var field: String? { "sessionID" }
}
