export { type CertificateFiles, type CertificateOptions, certificateFiles, ensureCertificates } from './ensure.ts';
export { covers, namesOf, parseCertificate, parseChain, parseHostName } from './facts.ts';
export { issueCertificate, renewCertificate } from './manage.ts';
export { type CertificatePair, CertificateWatch, readPair } from './watch.ts';
