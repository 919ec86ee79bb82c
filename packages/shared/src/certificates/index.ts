export { type CertificateFiles, type CertificateOptions, ensureCertificates } from './ensure.ts';
